type Props = { of: readonly (string | null | undefined | false)[] };

/** A few facts in one line with dots between them; what is empty is left out. */
export function Facts({ of }: Props) {
  return (
    <>
      {of.filter(Boolean).map((fact, index) => (
        <span key={index}>
          {index > 0 && <i class="sep"> </i>}
          {fact}
        </span>
      ))}
    </>
  );
}
