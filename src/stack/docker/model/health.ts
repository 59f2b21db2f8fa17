// Health checks within containers: cheap ones, for they are repeated for as long as a server runs.
import type { HealthCheck } from '../engine/engine.ts'

/** A check by a script of bash. */
export function byScript(script: string): HealthCheck {
  return { test: ['CMD', 'bash', '-c', script], ...often }
}

/** A check by a program. */
export function byProgram(...program: readonly string[]): HealthCheck {
  return { test: ['CMD', ...program], ...often }
}

/** Whether a port takes connections: starting one of Kafka's own tools would cost a processor every time. */
export function listening(port: number): HealthCheck {
  return byScript(`exec 3<>/dev/tcp/127.0.0.1/${port}`)
}

const often = { intervalSeconds: 5, timeoutSeconds: 10, retries: 24, startPeriodSeconds: 60 } as const
