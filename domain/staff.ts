/** Roles and what each may do (MONEY.md section 12). */
export const staffRoles = ['owner', 'manager', 'support'] as const;
export type StaffRole = (typeof staffRoles)[number];

export const staffActs = ['resend', 'handOver', 'cancel', 'refund'] as const;
export type StaffAct = (typeof staffActs)[number];

const actsOfRole: Readonly<Record<StaffRole, readonly StaffAct[]>> = {
  owner: staffActs,
  manager: staffActs,
  support: ['resend', 'handOver'],
};

/** Who may say what the bank shows: it moves money. */
export function mayJudge(role: StaffRole): boolean {
  return role !== 'support';
}

export function mayAct(role: StaffRole, act: StaffAct): boolean {
  return actsOfRole[role].includes(act);
}
