// Buttons that copy a command.
const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page from a file may have no clipboard of its own.
    const area = make("textarea", "sr-only");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};

const startCopy = () => {
  for (const button of all(".copy")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    const label = button.dataset.label ?? (button.dataset.label = button.textContent);
    const done = await copyText(button.parentElement.querySelector("code").textContent);
    button.textContent = say(done ? "copied" : "copy_failed");
    byId("spoken").textContent = button.textContent;
    setTimeout(() => { button.textContent = label; }, 1600);
  });
};
