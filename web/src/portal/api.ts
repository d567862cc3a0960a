// What the partner's API says.
import { type Answer, read, send } from '../base/fetch';

export interface Me {
  companyName: string;
  email: string;
  partnerId: string;
  /** Whether this manager is the company's contact, who decides about others' access. */
  contact: boolean;
}

export const statuses = [
  'IN_PROGRESS',
  'TEMPORARY_SAVED',
  'UNDER_REVIEW',
  'READY',
  'REVISION_REQUESTED',
  'COMPLETED',
  'REJECTED',
] as const;

export type CampaignStatus = (typeof statuses)[number];

export interface Progress {
  offerCount: number;
  applied: number;
  underSelection: number;
  selected: number;
  notSelected: number;
  reviewSubmitted: number;
  reviewPending: number;
  reviewApproved: number;
  reviewRejected: number;
  reviewDraft: number;
}

export interface Campaign {
  campaignId: string;
  name: string;
  channel: string;
  thumbnailUrl: string | null;
  productPrice: number;
  rewardPoints: number;
  purchaseUrl: string;
  status: CampaignStatus;
  statusLabel: string;
  statusCode: string;
  period: { startAt: string; endAt: string; dueAt: string };
  externalRef: string | null;
  progress: Progress;
  createdAt: string;
  updatedAt?: string;
}

export interface CampaignPage {
  campaigns: Campaign[];
  pagination: { page: number; pageSize: number; total: number; totalPages: number };
}

export interface Movement {
  at: string;
  kind: 'charge' | 'reward' | 'refund';
  amount: number;
  campaignId: string | null;
  orderCode: string | null;
}

export interface DepositPage {
  currency: string;
  posted: number;
  held: number;
  available: number;
  history: Movement[];
  next: string | null;
}

export interface Manager {
  managerId: string;
  email: string;
  name: string;
  contact: boolean;
  hasPassword: boolean;
  since: string;
}

export interface AccessRequest {
  managerId: string;
  email: string;
}

export const reviewStatuses = ['PENDING', 'APPROVED', 'REJECTED'] as const;

export type ReviewStatus = (typeof reviewStatuses)[number];

export interface Review {
  reviewId: string;
  campaignId: string;
  productName: string;
  reviewer: string;
  status: ReviewStatus;
  writtenAt: string;
  judgedAt: string | null;
  /** What the campaign pays for an approved review, and what was paid for this one. */
  reward: number;
  paid: number;
  currency: string;
  url: string | null;
  text: string;
}

export interface ReviewPage {
  reviews: Review[];
  next: string | null;
}

const base = '/partner/api';
const pageSize = 10;

export const readMe = () => read<Me>(`${base}/me`);

export const readCampaigns = (page: number, status: CampaignStatus | '') =>
  read<CampaignPage>(`${base}/campaigns?page=${page}&page_size=${pageSize}${status && `&status=${status}`}`);

export const readCampaign = (id: string) => read<Campaign>(`${base}/campaigns/${encodeURIComponent(id)}`);

export const readDeposit = (cursor: string | null) =>
  read<DepositPage>(`${base}/deposit${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`);

export function readReviews(campaign: string | null, status: ReviewStatus | '', cursor: string | null) {
  const query = new URLSearchParams();
  if (campaign !== null) query.set('campaign', campaign);
  if (status !== '') query.set('status', status);
  if (cursor !== null) query.set('cursor', cursor);
  return read<ReviewPage>(`${base}/reviews?${query}`);
}

export const readReview = (id: string) => read<Review>(`${base}/reviews/${encodeURIComponent(id)}`);

export const readManagers = () => read<{ managers: Manager[] }>(`${base}/managers`);

export const withdrawAccess = (managerId: string): Promise<Answer> =>
  send('POST', `${base}/managers/${encodeURIComponent(managerId)}/withdraw`, {});

export const readAccessRequests = () => read<{ accessRequests: AccessRequest[] }>(`${base}/access-requests`);

export const confirmAccess = (managerId: string): Promise<Answer> =>
  send('POST', `${base}/access-requests/${encodeURIComponent(managerId)}/confirm`, {});

export const declineAccess = (managerId: string): Promise<Answer> =>
  send('POST', `${base}/access-requests/${encodeURIComponent(managerId)}/decline`, {});

export const signIn = (email: string, password: string): Promise<Answer> => send('POST', `${base}/session`, { email, password });

export const forgetPassword = (email: string): Promise<Answer> => send('POST', `${base}/password/forgotten`, { email });

export const changePassword = (current: string, password: string): Promise<Answer> =>
  send('PUT', `${base}/password`, { current, password });

export const signOut = (): Promise<Answer> => send('DELETE', `${base}/session`);
