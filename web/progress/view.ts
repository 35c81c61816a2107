/** Draws an account into a shadow root and changes only what is another: a reader who is in the list stays where they are. */

import type { Account, Row } from './account.js';
import type { Facts } from './announcer.js';
import { filled, stepName } from './labels/choose.js';
import type { ProgressLabels } from './labels/labels.js';
import { createMark, drawMark, markOf, markOfTone } from './marks.js';

export interface View {
  /** Where changes are announced. */
  readonly region: HTMLElement;
  /** @param language of the texts; null where it is that of the page around */
  draw(account: Account, labels: ProgressLabels, language: string | null): void;
}

function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = text === '';
}

function setAttribute(node: Element, name: string, value: string | null): void {
  if (value === node.getAttribute(name)) return;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

function create<Name extends keyof HTMLElementTagNameMap>(name: Name, part: string, ...children: Node[]): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name);
  node.setAttribute('part', part);
  node.append(...children);
  return node;
}

interface RowView {
  readonly item: HTMLLIElement;
  draw(row: Row, isCurrent: boolean, note: string, labels: ProgressLabels): void;
}

function createRow(): RowView {
  const mark = createMark('mark');
  const name = create('span', 'name');
  const status = create('span', 'status');
  const note = create('span', 'note');
  const item = create('li', 'step', mark, name, status, note);
  return {
    item,
    draw(row, isCurrent, noteText, labels) {
      setAttribute(item, 'part', `step step-${row.status}`);
      setAttribute(item, 'data-status', row.status);
      setAttribute(item, 'aria-current', isCurrent ? 'step' : null);
      drawMark(mark, markOf(row.status));
      setText(name, stepName(labels, row.viewName));
      setText(status, labels.statuses[row.status]);
      setText(note, noteText);
    },
  };
}

/** How far it is, in words; the last step of the plan is not the end when Link has others. */
function countText({ current, rows, ended }: Account, labels: ProgressLabels): string {
  const total = rows.length;
  return current === -1 ? filled(labels.done, { n: ended, total }) : filled(labels.stepOf, { n: current + 1, total });
}

function detailText({ situation, next }: Account, labels: ProgressLabels): string {
  return next === null ? labels.situations[situation][1] : filled(labels.next, { step: stepName(labels, next) });
}

/** What a person who does not see would want to be told of. */
export function factsOf(account: Account, labels: ProgressLabels): Facts {
  const facts = new Map<string, string>();
  // Once it is over, how it ended is the news, and not what became of each step.
  const told = account.isOpen ? account.rows : [];
  for (const { viewName, status } of told) {
    const isNews = status !== 'ahead' && status !== 'started';
    if (isNews) facts.set(viewName, `${stepName(labels, viewName)}: ${labels.statuses[status]}`);
  }
  const [headline, detail] = labels.situations[account.situation];
  facts.set(' situation', detail === '' ? headline : `${headline}. ${detail}`);
  return facts;
}

export function createView(root: ShadowRoot): View {
  const mark = createMark('summary-mark');
  const headline = create('p', 'headline');
  const detail = create('p', 'detail');
  const summary = create('div', 'summary', mark, create('div', 'words', headline, detail));
  const bar = create('div', 'bar');
  const count = create('p', 'count');
  const meter = create('div', 'meter', bar, count);
  const list = create('ol', 'list');
  const more = create('p', 'more');
  const region = document.createElement('div');
  const base = create('div', 'base', summary, meter, list, more, document.createElement('slot'), region);
  bar.setAttribute('aria-hidden', 'true');
  base.setAttribute('role', 'group');
  // WebKit takes a list without bullets for none.
  list.setAttribute('role', 'list');
  region.setAttribute('aria-live', 'polite');
  root.append(base);
  const rows = new Map<string, RowView>();

  function drawRows(account: Account, labels: ProgressLabels): void {
    for (const [viewName, { item }] of rows) {
      if (account.rows.some((row) => row.viewName === viewName)) continue;
      item.remove();
      rows.delete(viewName);
    }
    account.rows.forEach((row, index) => {
      const view = rows.get(row.viewName) ?? createRow();
      rows.set(row.viewName, view);
      view.draw(row, index === account.current, row.status === 'failed' && account.isOpen ? labels.otherWay : '', labels);
      const there = list.children[index] ?? null;
      if (there !== view.item) list.insertBefore(view.item, there);
    });
    list.hidden = account.rows.length === 0;
  }

  function drawMeter(account: Account, labels: ProgressLabels): void {
    const { rows: all, isDeterminate, isOpen } = account;
    meter.hidden = !isDeterminate || !isOpen;
    setText(count, meter.hidden ? '' : countText(account, labels));
    while (bar.children.length > all.length) bar.lastElementChild?.remove();
    all.forEach(({ status }, index) => {
      const segment = bar.children[index] ?? bar.appendChild(document.createElement('i'));
      setAttribute(segment, 'part', `segment segment-${status}`);
      setAttribute(segment, 'data-status', status);
    });
  }

  return {
    region,
    draw(account, labels, language) {
      setAttribute(base, 'lang', language);
      setAttribute(base, 'aria-label', labels.title);
      setAttribute(base, 'data-tone', account.tone);
      setAttribute(base, 'part', `base ${account.situation}`);
      drawMark(mark, markOfTone(account.tone));
      setText(headline, labels.situations[account.situation][0]);
      setText(detail, detailText(account, labels));
      drawMeter(account, labels);
      setAttribute(list, 'aria-label', labels.list);
      drawRows(account, labels);
      const mayFollow = account.isOpen && account.rows.length > 0 && !account.isDeterminate;
      setText(more, mayFollow ? labels.more : '');
    },
  };
}
