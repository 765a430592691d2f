// Puts the chosen theme on before anything is drawn, so that the page never flashes in the other one.
(() => {
  const root = document.documentElement;
  if (root.hasAttribute("data-fixed")) return;
  try {
    const theme = localStorage.getItem("roadmate.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // storage is switched off: the system's own choice stays
  }
})();
