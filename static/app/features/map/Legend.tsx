import { legend } from './scale';

/** What the colours mean; the figures stand on them. */
export function Legend({ label, target }: { label: string; target: number }) {
  return (
    <div class="ramp">
      <span>{label}</span>
      <ol>
        {legend(target).map((text, index) => (
          <li key={text} data-step={index + 1}>
            {text}
          </li>
        ))}
      </ol>
    </div>
  );
}
