// What every hostile page has: where its victims are (`victim`, from victim.js), and how it tells what came of it.
// An attack gives true, or what it got, where it succeeded; false, or an exception, where it was stopped.
window.outcome = null;

function attack(run) {
  const begun = Promise.resolve().then(run);
  begun.then(
    (got) => (window.outcome = { succeeded: Boolean(got), said: String(got) }),
    (error) => (window.outcome = { succeeded: false, said: `${error?.name}: ${error?.message}` }),
  );
}

/** The browser has had its turns: what a page sets off without an answer has been sent, or stopped. */
const aWhile = (milliseconds = 400) => new Promise((done) => setTimeout(done, milliseconds));

/** Whether an element's load ends well. */
function loads(element) {
  return new Promise((done) => {
    element.onload = () => done(true);
    element.onerror = () => done(false);
    document.body.append(element);
    setTimeout(() => done(false), 1500);
  });
}

function made(name, attributes) {
  return Object.assign(document.createElement(name), attributes);
}
