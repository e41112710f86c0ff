// Before the first paint: the theme that was chosen here. Without one, the system's holds.
try {
  var theme = localStorage.getItem("portico.theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch (refused) {}
