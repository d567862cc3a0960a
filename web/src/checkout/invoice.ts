// The invoice behind a checkout, as the server tells of it beside the session. Checkouts of other doors have none.
import { Failure, pause, read } from '../base/fetch';
import { base } from './session';

export interface BillLine {
  type: string;
  name: string;
  price: number;
}

export interface Bill {
  month: number;
  due_at: string;
  price: number;
  lines: BillLine[];
}

export interface Invoice {
  invoice_id: string;
  request_id: string;
  name: string;
  seller: { name: string };
  status: string | number;
  price: number;
  currency: string;
  billing_schedule: Bill[];
  /** Something is billed after the first month, from the card that is used now. */
  subscription: boolean;
  /** The origins of the seller's pages; no other page hears anything, unless `any` may: in a sandbox whose seller has registered none. */
  embed: { origins: string[]; any: boolean };
  pdf_url?: string | null;
  use_redirect?: boolean;
  redirect_url?: string | null;
  /** What the page that opened the checkout is told when it is paid. */
  done?: Record<string, unknown> | null;
}

/** Whether a page of this origin is one of the seller's. */
export const isOfSeller = ({ embed: { origins, any } }: Invoice, origin: string): boolean => any || origins.includes(origin);

const delaysMs = [500, 1500, 3000];

/** null: there is no invoice. Throws a Failure when the server does not say. */
export async function readInvoice(): Promise<Invoice | null> {
  for (let tries = 0; ; tries += 1) {
    try {
      const { status, value } = await read<Invoice>(`${base}/invoice`);
      if (value || status === 404 || status === 400) return value;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    const delay = delaysMs[tries];
    if (delay === undefined) throw new Failure('the invoice cannot be read');
    await pause(delay);
  }
}
