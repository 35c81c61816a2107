/** German. */

import type { ProgressLabels } from './labels.js';

const again = 'Bitte beginnen Sie noch einmal.';
const contact = 'Bitte wenden Sie sich an uns, damit wir Ihre Angaben auf anderem Weg prüfen.';
const rest = 'Sie müssen nichts weiter tun.';
const finished = 'Sie sind fertig';

export const de: ProgressLabels = {
  title: 'Identitätsprüfung',
  list: 'Schritte',
  stepOf: 'Schritt {n} von {total}',
  done: '{n} von {total} Schritten',
  next: 'Als Nächstes: {step}',
  more: 'Weitere Schritte können folgen.',
  otherWay: 'Damit ist noch nichts entschieden: Es kann einen anderen Weg geben.',
  steps: {
    ACCEPT_TOS: 'Nutzungsbedingungen',
    VERIFY_SMS: 'Code per SMS',
    KYC_CHECK: 'Persönliche Angaben',
    DOCUMENTARY_VERIFICATION: 'Ausweisdokument',
    SELFIE_CHECK: 'Selfie',
    RISK_CHECK: 'Sicherheitsprüfung',
    SCREENING: 'Abgleich mit Listen',
  },
  statuses: {
    active: 'Läuft',
    passed: 'Erledigt',
    failed: 'Nicht erfolgreich',
    pending_review: 'Wird geprüft',
    ahead: 'Noch offen',
    started: 'Begonnen',
    skipped: 'Entfallen',
  },
  situations: {
    idle: ['Bestätigen Sie Ihre Identität', 'Noch nicht begonnen.'],
    underway: ['Ihre Identität wird geprüft', ''],
    left: ['Sie haben vor dem Ende abgebrochen', 'Sie können dort weitermachen, wo Sie aufgehört haben.'],
    restart: ['Die Prüfung wurde unterbrochen', again],
    unavailable: ['Die Prüfung ist gerade nicht möglich', 'Bitte versuchen Sie es in einigen Stunden noch einmal.'],
    barred: ['Die Prüfung konnte nicht stattfinden', contact],
    unclear: ['Die Prüfung wurde geschlossen', 'Wir klären, wie weit sie ist.'],
    checking: [finished, 'Wir prüfen das Ergebnis …'],
    unsent: [finished, 'Ihr Ergebnis ist noch unterwegs zu uns. Bitte lassen Sie diese Seite offen.'],
    lost: [finished, 'Ihr Ergebnis ist nicht bei uns angekommen. Bitte wenden Sie sich an uns.'],
    review: ['Ihre Angaben werden noch geprüft', rest],
    failed: ['Ihre Identität konnte nicht bestätigt werden', contact],
    verified: ['Ihre Identität ist bestätigt', rest],
    expired: ['Die Prüfung ist abgelaufen', again],
    canceled: ['Die Prüfung wurde abgebrochen', contact],
  },
};
