import { count } from '../../client/words.js';
import type { CategoryTotal } from '../model/aggregate.js';

interface Props {
  readonly totals: readonly CategoryTotal[];
  readonly chosen: string | null;
  readonly onChoose: (category: string | null) => void;
  readonly days: number;
}

const shownAtMost = 12;

/** The largest categories of the days that are shown; choosing one filters the heat map. */
export function Categories({ totals, chosen, onChoose, days }: Props) {
  const shown = totals.slice(0, shownAtMost);
  const largest = Math.max(1, Number(shown[0]?.items ?? 1));
  return (
    <div class="categories">
      <div class="categories-head">
        <h3>Top categories</h3>
        <label>
          <span class="unseen">Category</span>
          <select
            value={chosen ?? ''}
            onChange={({ currentTarget }) => onChoose(currentTarget.value || null)}
          >
            <option value="">All {count(totals.length)} categories</option>
            {[...totals]
              .sort((a, b) => (a.category < b.category ? -1 : 1))
              .map(({ category }) => (
                <option key={category} value={category}>
                  {category}
                </option>
              ))}
          </select>
        </label>
      </div>
      <ul aria-label={`Totals by category over ${days} days`}>
        {shown.map(({ category, items }) => (
          <li key={category}>
            <button
              type="button"
              class="category"
              aria-pressed={category === chosen}
              onClick={() => onChoose(category === chosen ? null : category)}
            >
              <span class="category-bar" style={{ width: `${(100 * Number(items)) / largest}%` }} />
              <span class="category-name">{category}</span>
              <span class="category-items">{count(items)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
