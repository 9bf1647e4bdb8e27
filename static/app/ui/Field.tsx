import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

type Props = {
  label: string;
  hint?: ComponentChildren | undefined;
  error?: string | undefined;
  children: (ids: { id: string; describedBy: string | undefined }) => ComponentChildren;
};

/** A label above, the control, and what is wrong with it below. */
export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  return (
    <div class="field">
      <div class="lbl">
        <label for={id}>{label}</label>
        {hint && <em>{hint}</em>}
      </div>
      {children({ id, describedBy: error ? `${id}-error` : undefined })}
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
