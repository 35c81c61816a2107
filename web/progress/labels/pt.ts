/** Portuguese, as it is written in Brazil. */

import type { ProgressLabels } from './labels.js';

const again = 'Comece de novo, por favor.';
const contact = 'Entre em contato conosco para verificarmos os seus dados de outra forma.';
const rest = 'Você não precisa fazer mais nada.';
const finished = 'Você terminou';

export const pt: ProgressLabels = {
  title: 'Verificação de identidade',
  list: 'Etapas',
  stepOf: 'Etapa {n} de {total}',
  done: '{n} de {total} etapas',
  next: 'A seguir: {step}',
  more: 'Pode haver mais etapas.',
  otherWay: 'Isso ainda não decide nada: pode haver outra forma.',
  steps: {
    ACCEPT_TOS: 'Termos de uso',
    VERIFY_SMS: 'Código por SMS',
    KYC_CHECK: 'Dados pessoais',
    DOCUMENTARY_VERIFICATION: 'Documento de identidade',
    SELFIE_CHECK: 'Selfie',
    RISK_CHECK: 'Verificação de segurança',
    SCREENING: 'Verificação regulatória',
  },
  statuses: {
    active: 'Em andamento',
    passed: 'Concluída',
    failed: 'Sem sucesso',
    pending_review: 'Em análise',
    ahead: 'Não iniciada',
    started: 'Iniciada',
    skipped: 'Não realizada',
  },
  situations: {
    idle: ['Verifique a sua identidade', 'Ainda não começou.'],
    underway: ['Verificando a sua identidade', ''],
    left: ['Você saiu antes do fim', 'Você pode continuar de onde parou.'],
    restart: ['A verificação foi interrompida', again],
    unavailable: ['A verificação não está disponível no momento', 'Tente de novo em algumas horas.'],
    barred: ['Não foi possível fazer a verificação', contact],
    unclear: ['A verificação foi fechada', 'Estamos apurando em que ponto está.'],
    checking: [finished, 'Estamos verificando o resultado…'],
    unsent: [finished, 'O seu resultado ainda está a caminho. Deixe esta página aberta, por favor.'],
    lost: [finished, 'Não recebemos o seu resultado. Entre em contato conosco.'],
    review: ['A sua verificação está em análise', rest],
    failed: ['Não foi possível verificar a sua identidade', contact],
    verified: ['A sua identidade está verificada', rest],
    expired: ['A verificação expirou', again],
    canceled: ['A verificação foi cancelada', contact],
  },
};
