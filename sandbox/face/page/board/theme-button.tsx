import { useEffect, useState } from 'react';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Switches between the system's colours, light and dark. `?theme=dark` begins with one of them. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(firstTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('theme', theme);
  }, [theme]);
  return (
    <label>
      Theme{' '}
      <select
        value={theme}
        onChange={({ target }) => setTheme(themes.find((one) => one === target.value) ?? 'system')}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function firstTheme(): Theme {
  const wanted = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem('theme');
  return themes.find((theme) => theme === wanted) ?? 'system';
}
