/** French. */

import type { ProgressLabels } from './labels.js';

const again = 'Veuillez la recommencer.';
const contact = 'Contactez-nous afin que nous vérifiions vos informations autrement.';
const rest = 'Vous n’avez plus rien à faire.';
const finished = 'Vous avez terminé';

export const fr: ProgressLabels = {
  title: 'Vérification d’identité',
  list: 'Étapes',
  stepOf: 'Étape {n} sur {total}',
  done: 'Étapes : {n} sur {total}',
  next: 'Ensuite : {step}',
  more: 'D’autres étapes peuvent suivre.',
  otherWay: 'Rien n’est encore décidé : il peut y avoir un autre moyen.',
  steps: {
    ACCEPT_TOS: 'Conditions d’utilisation',
    VERIFY_SMS: 'Code par SMS',
    KYC_CHECK: 'Informations personnelles',
    DOCUMENTARY_VERIFICATION: 'Pièce d’identité',
    SELFIE_CHECK: 'Selfie',
    RISK_CHECK: 'Contrôle de sécurité',
    SCREENING: 'Contrôle de conformité',
  },
  statuses: {
    active: 'En cours',
    passed: 'Terminé',
    failed: 'Sans succès',
    pending_review: 'En cours d’examen',
    ahead: 'À venir',
    started: 'Commencé',
    skipped: 'Non effectué',
  },
  situations: {
    idle: ['Vérifiez votre identité', 'Pas encore commencé.'],
    underway: ['Vérification de votre identité', ''],
    left: ['La vérification n’est pas terminée', 'Vous pouvez la reprendre là où vous en étiez.'],
    restart: ['La vérification a été interrompue', again],
    unavailable: ['La vérification n’est pas disponible pour le moment', 'Réessayez dans quelques heures.'],
    barred: ['La vérification n’a pas pu avoir lieu', contact],
    unclear: ['La vérification a été fermée', 'Nous cherchons à savoir où elle en est.'],
    checking: [finished, 'Nous vérifions le résultat…'],
    unsent: [finished, 'Votre résultat est encore en route. Veuillez laisser cette page ouverte.'],
    lost: [finished, 'Votre résultat ne nous est pas parvenu. Contactez-nous.'],
    review: ['Votre vérification est en cours d’examen', rest],
    failed: ['Votre identité n’a pas pu être vérifiée', contact],
    verified: ['Votre identité est vérifiée', rest],
    expired: ['La vérification a expiré', again],
    canceled: ['La vérification a été annulée', contact],
  },
};
