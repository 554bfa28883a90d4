/** Beside an element whose use the app did not acknowledge. */
export function Warning() {
  return (
    <span
      className="trouble"
      role="img"
      aria-label="The app did not answer. Try again."
      title="The app did not answer. Try again."
    >
      ⚠
    </span>
  );
}
