// Who is signed in, and what the views need of that.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Me, Role } from './api';

export interface Session {
  me: Me;
  /** The session has ended. */
  end(): void;
  /** Says for a moment how something went. */
  toast(text: string, tone?: 'good' | 'bad'): void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('views stand within a session');
  return session;
}

const rank: Record<Role, number> = { auditor: 0, operator: 1, owner: 2 };

/** Whether somebody of the role may do what is for `needed`. The server asks again. */
export const may = (role: Role, needed: Role): boolean => rank[role] >= rank[needed];
