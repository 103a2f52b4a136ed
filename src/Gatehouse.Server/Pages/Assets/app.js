// What pages gain where scripts run. Nothing depends on it.
for (const button of document.querySelectorAll('[data-reveal]')) {
  const input = document.getElementById(button.dataset.reveal);
  const show = button.getAttribute('aria-label');
  button.hidden = false;
  button.addEventListener('click', () => {
    const reveal = input.type === 'password';
    input.type = reveal ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(reveal));
    button.setAttribute('aria-label', reveal ? button.dataset.hide : show);
    input.focus();
  });
  // A shown password must not end up in the browser's memory of texts.
  input.form?.addEventListener('submit', () => { input.type = 'password'; });
}

// A form is sent once; what takes longer than a moment says so. Coming back by the history starts afresh.
for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', event => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    const button = event.submitter;
    if (!button?.dataset.working) return;
    button.setAttribute('aria-disabled', 'true');
    setTimeout(() => { if (form.dataset.sent) { button.dataset.label = button.textContent; button.firstElementChild.textContent = button.dataset.working; } }, 300);
  });
}
addEventListener('pageshow', event => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    const button = form.querySelector('[aria-disabled]');
    if (!button) continue;
    button.removeAttribute('aria-disabled');
    if (button.dataset.label) button.firstElementChild.textContent = button.dataset.label;
  }
});

// On a phone the navigation is one line that scrolls: the present place stands in sight.
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) break;
  const label = button.querySelector('span');
  const before = label.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('[data-copy-text]').textContent);
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 2000);
  });
}
