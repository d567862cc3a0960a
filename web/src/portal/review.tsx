import { dateTime } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading, useTitle } from '../base/ui';
import { type Review, readReview } from './api';
import { useLoaded } from './load';
import { Absent } from './parts';
import { ReviewBadge, usePaidText } from './reviews';
import { Link, paths } from './route';
import { texts } from './texts';

export function ReviewDetail({ id }: { id: string }) {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded(id, () => readReview(id));
  return (
    <>
      <p class="back">
        <Link href={paths.reviews}>
          <span aria-hidden="true">←</span> {text.backToReviews}
        </Link>
      </p>
      {loaded.is === 'there' ? <Detail review={loaded.value} /> : <Absent loaded={loaded} again={again} missing={text.noSuchReview} />}
    </>
  );
}

function Detail({ review }: { review: Review }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const paidText = usePaidText();
  useTitle(`${review.productName} · ${text.reviewsTitle}`);
  const facts: [string, string][] = [
    [text.reviewer, review.reviewer],
    [text.written, dateTime(review.writtenAt, language)],
    ...(review.judgedAt ? ([[text.judged, dateTime(review.judgedAt, language)]] as [string, string][]) : []),
    [review.status === 'PENDING' ? text.reward : text.paid, paidText(review)],
  ];
  return (
    <article>
      <header class="detail-header">
        <div>
          <ReviewBadge status={review.status} />
          <Heading>{review.productName}</Heading>
        </div>
      </header>
      <div class="columns">
        <section class="card" aria-label={text.reviewsTitle}>
          {review.text && <p class="review-text">{review.text}</p>}
          {review.url && /^https?:\/\//.test(review.url) && (
            <p>
              <a href={review.url} target="_blank" rel="noopener noreferrer nofollow">
                {text.reviewPage} <span aria-hidden="true">↗</span>
                <span class="visually-hidden"> ({text.opensNew})</span>
              </a>
            </p>
          )}
        </section>
        <section class="card">
          <dl class="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            <div>
              <dt>{text.reviewsOf}</dt>
              <dd>
                <Link href={paths.campaign(review.campaignId)}>{review.productName}</Link>
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </article>
  );
}
