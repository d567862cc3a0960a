// The reviews of a brand's campaigns, or of one of them, the newest first.
import { useMemo, useState } from 'preact/hooks';

import { date, money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading } from '../base/ui';
import { type Review, type ReviewPage, type ReviewStatus, readCampaign, readReviews, reviewStatuses } from './api';
import { useLoaded, useMore } from './load';
import { Absent, MoreButton } from './parts';
import { Link, paths } from './route';
import { texts } from './texts';

const tones: Record<ReviewStatus, string> = { PENDING: 'wait', APPROVED: 'good', REJECTED: 'bad' };

export function ReviewBadge({ status }: { status: ReviewStatus }) {
  const text = useTexts(texts);
  return <span class={`badge badge-${tones[status]}`}>{text.reviewStates[status]}</span>;
}

/** What was paid for a review, or will be. */
export function usePaidText(): (review: Review) => string {
  const language = useLanguage();
  const text = useTexts(texts);
  return ({ status, reward, paid, currency }) => {
    if (status === 'PENDING') return text.willPay(money(reward, currency, language));
    return paid > 0 ? money(paid, currency, language) : text.notPaid;
  };
}

export function Reviews({ campaign }: { campaign: string | null }) {
  const text = useTexts(texts);
  const [status, setStatus] = useState<ReviewStatus | ''>('');
  const [loaded, again] = useLoaded(status, () => readReviews(campaign, status, null));
  return (
    <>
      {campaign !== null && <OfCampaign id={campaign} />}
      <div class="view-header">
        <Heading>{text.reviewsTitle}</Heading>
        <label class="filter">
          <span>{text.filter}</span>
          <select value={status} onChange={(event) => setStatus(event.currentTarget.value as ReviewStatus | '')}>
            <option value="">{text.all}</option>
            {reviewStatuses.map((each) => (
              <option key={each} value={each}>
                {text.reviewStates[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {loaded.is === 'there' ? (
        <List first={loaded.value} campaign={campaign} status={status} />
      ) : (
        <Absent loaded={loaded} again={again} />
      )}
    </>
  );
}

/** The way back to the campaign whose reviews are shown. */
function OfCampaign({ id }: { id: string }) {
  const text = useTexts(texts);
  const [loaded] = useLoaded(id, () => readCampaign(id));
  return (
    <p class="back">
      <Link href={paths.campaign(id)}>
        <span aria-hidden="true">←</span> {loaded.is === 'there' ? loaded.value.name : `${text.reviewsOf} ${id}`}
      </Link>
    </p>
  );
}

function List({ first, campaign, status }: { first: ReviewPage; campaign: string | null; status: ReviewStatus | '' }) {
  const text = useTexts(texts);
  const rowsOf = ({ reviews, next }: ReviewPage) => ({ rows: reviews, next });
  const list = useMore<Review>(
    useMemo(() => rowsOf(first), [first]),
    async (cursor) => {
      const answer = await readReviews(campaign, status, cursor);
      return { status: answer.status, value: answer.value && rowsOf(answer.value) };
    },
  );
  if (list.rows.length === 0) {
    return (
      <section class="card empty">
        {status === '' && <h2>{text.noReviews}</h2>}
        <p class="muted">{status === '' ? text.noReviewsText : text.noReviewMatch}</p>
      </section>
    );
  }
  return (
    <>
      <ul class="reviews">
        {list.rows.map((review) => (
          <Card key={review.reviewId} review={review} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

function Card({ review }: { review: Review }) {
  const language = useLanguage();
  const paidText = usePaidText();
  return (
    <li class="card review-card">
      <div class="review-head">
        <ReviewBadge status={review.status} />
        <span class="number">{paidText(review)}</span>
      </div>
      <h2>
        <Link href={paths.review(review.reviewId)} class="cover-link">
          {review.productName}
        </Link>
      </h2>
      {review.text && <p class="review-excerpt">{review.text}</p>}
      <p class="fine muted">
        {review.reviewer} · <time dateTime={review.writtenAt}>{date(review.writtenAt, language)}</time>
      </p>
    </li>
  );
}
