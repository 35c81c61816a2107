/** Spanish. */

import type { ProgressLabels } from './labels.js';

const again = 'Vuelva a empezarla, por favor.';
const contact = 'Póngase en contacto con nosotros para comprobar sus datos de otra manera.';
const rest = 'No tiene que hacer nada más.';
const finished = 'Ha terminado';

export const es: ProgressLabels = {
  title: 'Verificación de identidad',
  list: 'Pasos',
  stepOf: 'Paso {n} de {total}',
  done: '{n} de {total} pasos',
  next: 'A continuación: {step}',
  more: 'Puede haber más pasos.',
  otherWay: 'Esto aún no decide nada: puede haber otra vía.',
  steps: {
    ACCEPT_TOS: 'Condiciones de uso',
    VERIFY_SMS: 'Código por SMS',
    KYC_CHECK: 'Datos personales',
    DOCUMENTARY_VERIFICATION: 'Documento de identidad',
    SELFIE_CHECK: 'Selfi',
    RISK_CHECK: 'Control de seguridad',
    SCREENING: 'Control normativo',
  },
  statuses: {
    active: 'En curso',
    passed: 'Hecho',
    failed: 'Sin éxito',
    pending_review: 'En revisión',
    ahead: 'Sin empezar',
    started: 'Empezado',
    skipped: 'Omitido',
  },
  situations: {
    idle: ['Verifique su identidad', 'Aún no ha empezado.'],
    underway: ['Verificando su identidad', ''],
    left: ['Ha salido antes del final', 'Puede continuar donde lo dejó.'],
    restart: ['La verificación se ha interrumpido', again],
    unavailable: ['La verificación no está disponible en este momento', 'Inténtelo de nuevo dentro de unas horas.'],
    barred: ['No se ha podido realizar la verificación', contact],
    unclear: ['La verificación se ha cerrado', 'Estamos averiguando en qué punto está.'],
    checking: [finished, 'Estamos comprobando el resultado…'],
    unsent: [finished, 'Su resultado aún está en camino. Deje esta página abierta, por favor.'],
    lost: [finished, 'No hemos recibido su resultado. Póngase en contacto con nosotros.'],
    review: ['Su verificación está en revisión', rest],
    failed: ['No se ha podido verificar su identidad', contact],
    verified: ['Su identidad está verificada', rest],
    expired: ['La verificación ha caducado', again],
    canceled: ['La verificación se ha cancelado', contact],
  },
};
