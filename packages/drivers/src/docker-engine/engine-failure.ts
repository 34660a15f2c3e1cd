import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { hasCode } from '../process/durable-file.ts'
import { addressText, type EngineAddress } from './engine-address.ts'

/** What a connection to the engine that failed means to a person. */
export function engineDown(address: EngineAddress, cause: unknown): PlimsollError {
  const where = addressText(address)
  if (hasCode(cause, 'EACCES') || hasCode(cause, 'EPERM')) {
    return new PlimsollError('ENGINE_DOWN', `This user may not use the Docker engine at ${where}`, {
      hint: 'Join its group, then log in again: sudo usermod -aG docker "$USER"', cause,
    })
  }
  const why = cause instanceof Error ? cause.message : String(cause)
  return new PlimsollError('ENGINE_DOWN', `No Docker engine answers at ${where} (${why})`, {
    hint: address.via === 'ssh' ? `This has to answer without a question: ssh ${where.slice('ssh://'.length)} docker version` : 'Start it (sudo systemctl start docker), or name another one by DOCKER_HOST. To see whether it answers: docker info', cause,
  })
}

/** An engine that takes a question and does not answer it. */
export function engineSilent(address: EngineAddress, { to, patienceMs }: { readonly to: string; readonly patienceMs: number }): PlimsollError {
  return new PlimsollError('ENGINE_DOWN', `The Docker engine at ${addressText(address)} was asked to ${to} and did not answer within ${patienceMs / 1000} s`, {
    hint: 'It may be stuck. Whether it answers: docker info. Its log: journalctl -u docker --since -5min',
  })
}

/** An answer of 400 and above that whoever asked does not count on. */
export interface Refusal {
  /** What was asked, for people: `start a container of web`. */
  readonly asked: string
  readonly status: number
  /** The engine's own words. */
  readonly said: string
}

/**
 * The engine has no codes, so that a full disk is known only by the system's own words for ENOSPC and EDQUOT, which it
 * hands on as they are. Everything else is told in its words.
 */
export function refused({ asked, status, said }: Refusal): PlimsollError {
  if (/no space left on device|disk quota exceeded/i.test(said)) {
    return new PlimsollError('DISK_FULL', `The Docker engine's disk is full: it could not ${asked}`, {
      hint: 'Free some space, for instance what no container uses: docker system prune', details: { said },
    })
  }
  return new PlimsollError('ENGINE_REFUSED', `The Docker engine could not ${asked}: ${said}`, {
    hint: 'Its log says more: journalctl -u docker --since -5min', details: { status },
  })
}

const saidSchema = z.object({ message: z.string() })

/** The engine's own words in an answer of 400 and above. */
export function messageIn(body: string): string {
  try {
    return saidSchema.parse(JSON.parse(body)).message
  } catch {
    // No JSON: an engine behind something else, say. Its words are all there is.
    return body.trim()
  }
}
