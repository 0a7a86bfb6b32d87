/** Dialogs: what is to be done, what it means, and what came of it. */

import { Problem } from './api.js';
import { el, fill, newId } from './dom.js';
import { problemNode } from './tasks.js';

/**
 * Opens a modal dialog, which goes away with its content when it is closed. The browser keeps the focus in it, closes
 * it by Escape, and gives the focus back.
 *
 * @param closed called when it is closed, however
 */
export function openDialog(kind, titleText, content, closed = () => {}) {
  const title = el('h2', { id: newId('title') }, titleText);
  const close = el(
    'button',
    { type: 'button', class: 'close', 'aria-label': 'Close', click: () => dialog.close() },
    '\u00d7',
  );
  const dialog = el(
    'dialog',
    { class: kind, 'aria-labelledby': title.id },
    el('div', { class: 'dialog-head' }, title, close),
    content,
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function closeAll() {
  document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close());
}

/**
 * Asks for a confirmation, and for what is needed to do it.
 *
 * @param question title, text, fields, verb, isDangerous; typed: what has to be typed first, or null
 * @param work gets the fields' values; its Problem is shown, and asked again
 * @param closed called when the dialog is closed, with whether it was done
 */
export function ask(question, work, closed = () => {}) {
  let done = false;
  const problem = el('div', {});
  const fields = question.fields.map((field) => new Field(field));
  const typed = question.typed === null ? null : new Field(typedField(question.typed));
  const submit = el(
    'button',
    { type: 'submit', class: question.isDangerous ? 'primary danger' : 'primary' },
    question.verb,
  );
  const cancel = el('button', { type: 'button', click: () => dialog.close() }, 'Cancel');
  const form = el(
    'form',
    { novalidate: true },
    question.text.map((text) => el('p', {}, text)),
    fields.map((field) => field.node),
    typed?.node,
    problem,
    el('div', { class: 'buttons' }, cancel, submit),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const wrong = [...fields, typed].find((field) => field !== null && !field.check());
    if (submit.disabled || wrong !== undefined) {
      wrong?.input.focus();
      return;
    }
    fill(problem);
    submit.disabled = true;
    form.setAttribute('aria-busy', 'true');
    submit.textContent = `${question.verb} …`;
    try {
      await work(Object.fromEntries(fields.map((field) => [field.name, field.value])));
      done = true;
      dialog.close();
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      fill(problem, problemNode(e));
    } finally {
      submit.disabled = false;
      form.removeAttribute('aria-busy');
      submit.textContent = question.verb;
    }
  });
  const dialog = openDialog('ask', question.title, form, () => closed(done));
  const text = typed ?? fields.find((field) => !field.isFlag);
  // What takes something away is not done by a key that is pressed twice.
  (text?.input ?? (question.isDangerous ? cancel : submit)).focus();
  return dialog;
}

const typedField = (name) => ({
  name: 'typed',
  label: `Type ${name} to confirm`,
  check: (value) => (value === name ? null : `This is not ${name}.`),
});

/** One thing that is asked for: a text, a choice of some, or yes or no. */
class Field {
  #field;
  #error;
  input;
  node;
  name;

  /**
   * @param field name, label; value; note; options: a choice of [value, words]; isFlag; isOptional; check: why a value
   *     cannot be meant
   */
  constructor(field) {
    this.#field = field;
    this.name = field.name;
    const id = newId(field.name);
    const note = field.note ? el('p', { class: 'note', id: `${id}-note` }, field.note) : null;
    this.#error = el('p', { class: 'error', id: `${id}-error`, role: 'alert' });
    this.input = this.#input(id);
    this.input.setAttribute('aria-describedby', [note?.id, this.#error.id].filter(Boolean).join(' '));
    const label = el('label', { for: id }, field.label);
    this.node = field.isFlag
      ? el('div', { class: 'field flag' }, this.input, label, note, this.#error)
      : el('div', { class: 'field' }, label, this.input, note, this.#error);
  }

  #input(id) {
    const { isFlag, options, value } = this.#field;
    if (isFlag) {
      return el('input', { id, type: 'checkbox' });
    }
    if (options !== undefined) {
      return el(
        'select',
        { id },
        options.map(([key, words]) => el('option', { value: key, selected: key === value }, words)),
      );
    }
    const input = el('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' });
    input.value = value ?? '';
    return input;
  }

  get isFlag() {
    return this.#field.isFlag === true;
  }

  get value() {
    return this.#field.isFlag ? this.input.checked : this.input.value.trim();
  }

  /** Whether it can be sent; says why not. */
  check() {
    const isMissing = this.value === '' && this.#field.options === undefined && !this.#field.isOptional;
    const error = isMissing ? 'This is needed.' : (this.#field.check?.(this.value) ?? null);
    this.#error.textContent = error ?? '';
    this.input.setAttribute('aria-invalid', String(error !== null));
    return error === null;
  }
}
