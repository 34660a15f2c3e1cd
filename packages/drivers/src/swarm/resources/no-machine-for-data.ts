import { PlimsollError } from '@plimsoll/model'

/** What a person reads when there is nowhere to keep data. */
export function noMachineForData(label: string): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `No machine of the cluster may keep data: none that is there has the label ${label}`, {
    hint: `Choose one that is backed up: docker node update --label-add ${label}=true NODE. Or use a database elsewhere, by a variable of its own.`,
  })
}
