import { Icon } from './Icon';

type Props = {
  value: number;
  min?: number | undefined;
  max: number;
  label: string;
  fewer: string;
  more: string;
  onChange: (value: number) => void;
};

/** A small number set by two large buttons. */
export function Stepper({ value, min = 0, max, label, fewer, more, onChange }: Props) {
  return (
    <fieldset class="stepper" aria-label={label}>
      <button
        type="button"
        aria-label={fewer}
        disabled={value <= min}
        onClick={() => onChange(value - 1)}
      >
        <Icon name="minus" />
      </button>
      <output>{value}</output>
      <button
        type="button"
        aria-label={more}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <Icon name="plus" />
      </button>
    </fieldset>
  );
}
