// The product's name and sign.

export function Brand() {
  return (
    <span class="brand">
      <img src="/favicon.svg" alt="" width="28" height="28" />
      Bedside
    </span>
  );
}
