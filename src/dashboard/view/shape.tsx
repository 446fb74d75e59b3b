/** Shapes that distinguish states without colour. */
import type { ComponentChildren } from 'preact';
import type { DayState } from '../../client/types.js';

export type ShapeName = DayState | 'gap' | 'failed';

const shapes: Readonly<Record<ShapeName, ComponentChildren>> = {
  processed: <rect x="3" y="3" width="14" height="14" rx="3" class="fill" />,
  new: (
    <>
      <circle cx="10" cy="10" r="7.5" class="fill" />
      <path d="M10 6.4v7.2M6.4 10h7.2" class="cut" />
    </>
  ),
  late: (
    <path
      d="M14.6 3.6v12.8a.9.9 0 0 1-1.4.7L3.6 10.7a.9.9 0 0 1 0-1.4l9.6-6.4a.9.9 0 0 1 1.4.7z"
      class="fill"
    />
  ),
  changed: (
    <rect
      x="4.4"
      y="4.4"
      width="11.2"
      height="11.2"
      rx="1.6"
      transform="rotate(45 10 10)"
      class="fill"
    />
  ),
  outdated: (
    <>
      <circle cx="10" cy="10" r="7.5" class="fill" />
      <path d="M10 5.8V10l3 2.2" class="cut" />
    </>
  ),
  unverified: (
    <>
      <rect x="3" y="3" width="14" height="14" rx="3" class="fill" />
      <path d="M7.7 8.2a2.3 2.3 0 1 1 3.4 2c-.7.4-1.1.8-1.1 1.6M10 14.2v.2" class="cut" />
    </>
  ),
  damaged: <path d="M4.6 4.6l10.8 10.8M15.4 4.6L4.6 15.4" class="line bold" />,
  rewound: <path d="M9.6 4.4L4.2 10l5.4 5.6M16.2 4.4L10.8 10l5.4 5.6" class="line bold" />,
  waiting: <circle cx="10" cy="10" r="6.4" class="line dashed" />,
  archived: (
    <>
      <rect x="3.7" y="3.7" width="12.6" height="12.6" rx="2.6" class="line" />
      <path d="M4 8h12" class="line" />
    </>
  ),
  gap: <path d="M7 10h6" class="line" />,
  failed: (
    <>
      <path d="M10 2.6l8 14.2H2z" class="fill joined" />
      <path d="M10 7.8v4M10 14.2v.3" class="cut" />
    </>
  ),
};

export function ShapeSprite() {
  return (
    <svg class="sprite" aria-hidden="true">
      {Object.entries(shapes).map(([name, shape]) => (
        <symbol key={name} id={`shape-${name}`} viewBox="0 0 20 20">
          {shape}
        </symbol>
      ))}
    </svg>
  );
}

export function Shape({ name }: { readonly name: ShapeName }) {
  return (
    <svg class="shape" data-shape={name} viewBox="0 0 20 20" aria-hidden="true">
      <use href={`#shape-${name}`} />
    </svg>
  );
}
