// A file of the extension like any other: its answer carries the same rules as the page.
self.onmessage = async (event) => {
  try {
    await fetch(`${event.data}/worker-elsewhere`, { mode: "no-cors" });
    self.postMessage("reached");
  } catch {
    self.postMessage("stopped");
  }
};
