// OpenTelemetry's web SDK with its batching processor and the OTLP exporter over HTTP.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';

export function start({ endpoint }) {
  const provider = new WebTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint }))],
  });
  const tracer = provider.getTracer('scoreboard');
  return { complete: (id) => tracer.startSpan('completed', { attributes: { link_session_id: id } }).end() };
}
