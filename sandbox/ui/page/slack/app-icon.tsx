export function AppIcon() {
  return (
    <svg className="app-icon" viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="8" fill="#1f2a44" />
      <circle cx="18" cy="18" r="10" fill="#e8ecf5" />
      <circle cx="14.5" cy="14.5" r="3" fill="#fff" />
    </svg>
  );
}
