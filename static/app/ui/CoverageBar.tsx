type Props = {
  /** Basis points. */
  rate: number;
  /** Basis points; without it the bar has no mark. */
  target?: number | undefined;
  size?: 'lg' | undefined;
};

/** Fill and threshold. The figures always stand beside it as text, so it is silent. */
export function CoverageBar({ rate, target, size }: Props) {
  const style = { '--v': rate / 100, '--target': (target ?? 0) / 100 };
  return (
    <div
      class="covbar"
      data-size={size}
      data-plain={target === undefined ? '' : undefined}
      style={style}
      aria-hidden="true"
    >
      <i />
    </div>
  );
}
