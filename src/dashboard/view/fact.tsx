import type { ComponentChildren } from 'preact';

interface Props {
  readonly name: string;
  /** In the code font, wrapped if it does not fit. */
  readonly code?: boolean;
  readonly children: ComponentChildren;
}

/** An entry of a list of facts. */
export function Fact({ name, code = false, children }: Props) {
  return (
    <>
      <dt>{name}</dt>
      <dd {...(code ? { class: 'code wrap' } : {})}>{children}</dd>
    </>
  );
}
