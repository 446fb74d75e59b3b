{{
  config(
    materialized='incremental',
    incremental_strategy='microbatch',
    event_time='date',
    batch_size='day',
    begin='2026-01-01',
    lookback=0
  )
}}

select sold_at::date as date, store, product, count(*) as orders, sum(pieces) as pieces, sum(price) as paid
from {{ source('raw', 'sales_' ~ var('form')) }}
group by all
