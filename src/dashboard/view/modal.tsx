/** The browser's own dialog: it holds the focus, closes by Escape, and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Props {
  readonly title: ComponentChildren;
  /** Null: it cannot be closed. */
  readonly onClose: (() => void) | null;
  /** A panel stands at the side and has much to show. */
  readonly kind?: 'question' | 'panel';
  readonly children: ComponentChildren;
}

export function Modal({ title, onClose, kind = 'question', children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    // Reading begins at the title, unless something is to be filled in.
    (element?.querySelector<HTMLElement>('[data-first]') ?? heading.current)?.focus();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the dialog closes it, as Escape does.
    <dialog
      ref={dialog}
      class={kind}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={({ target }) => {
        if (target === dialog.current) onClose?.();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={titleId} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {onClose !== null && (
            <button type="button" class="quiet close" aria-label="Close" onClick={onClose}>
              <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <path d="M5 5l10 10M15 5L5 15" class="line" />
              </svg>
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
