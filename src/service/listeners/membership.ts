// Whether the consumer is a member of its group, and since when.
import type { DriverConsumer } from '../../kafka/driver/port.ts'
import type { Clock } from '../clock.ts'
import type { MembershipState } from './words.ts'

export class Membership {
  private readonly clock: Clock
  private readonly consumer: () => Pick<DriverConsumer, 'isMember' | 'isInRound'>
  private is: MembershipState['is'] = 'joining'
  private since: number
  private wasMember = false
  private error: unknown

  constructor(clock: Clock, consumer: () => Pick<DriverConsumer, 'isMember' | 'isInRound'>) {
    this.clock = clock
    this.consumer = consumer
    this.since = clock.now()
  }

  state(): MembershipState {
    this.look()
    const { is, since, wasMember, error } = this
    const isInRound = is === 'joining' && this.consumer().isInRound
    return { is, since: this.clock.now() - since, wasMember, isInRound, ...(error !== undefined && { error }) }
  }

  /** Notices a change; as exact in time as it is called often. */
  look(): void {
    if (this.is === 'ended') return
    const { isMember } = this.consumer()
    if (isMember) this.wasMember = true
    this.become(isMember ? 'member' : 'joining')
  }

  end(error?: unknown): void {
    this.error = error
    this.become('ended')
  }

  private become(is: MembershipState['is']): void {
    if (is === this.is) return
    this.is = is
    this.since = this.clock.now()
  }
}
