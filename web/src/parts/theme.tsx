// Dark, light, or what the system has. Kept in this browser; public/theme.js sets it before the first paint.
import { useState } from "preact/hooks";
import { t } from "../text";

type Theme = "system" | "light" | "dark";
const stored = "portico.theme";

function chosen(): Theme {
  const theme = localStorage.getItem(stored);
  return theme === "dark" || theme === "light" ? theme : "system";
}

function choose(theme: Theme): void {
  if (theme === "system") {
    localStorage.removeItem(stored);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(stored, theme);
    document.documentElement.dataset["theme"] = theme;
  }
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(chosen);
  return (
    <select
      class="compact"
      aria-label={t.theme.label}
      value={theme}
      onChange={(event) => {
        const wanted = event.currentTarget.value as Theme;
        choose(wanted);
        setTheme(wanted);
      }}
    >
      <option value="system">{t.theme.system}</option>
      <option value="light">{t.theme.light}</option>
      <option value="dark">{t.theme.dark}</option>
    </select>
  );
}
