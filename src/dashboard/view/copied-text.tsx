import { useState } from 'preact/hooks';

interface Props {
  readonly name: string;
  readonly text: string;
}

/** A path or a key, and a button that copies it if the browser allows that. */
export function CopiedText({ name, text }: Props) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 2_000);
  };
  return (
    <>
      <span class="code wrap whole">{text}</span>
      {/* Only pages that came by TLS, or from this machine, have it. */}
      {'clipboard' in navigator && (
        <button type="button" class="copy" aria-label={`Copy ${name}`} onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </>
  );
}
