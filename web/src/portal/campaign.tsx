import { count, date, dateTime, money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading, useTitle } from '../base/ui';
import { type Campaign, type Progress, readCampaign } from './api';
import { useLoaded } from './load';
import { Absent, Bar, Status, Thumbnail } from './parts';
import { Link, paths } from './route';
import { texts } from './texts';

/** Campaigns are paid in won. */
const currency = 'KRW';

/** Stays on one line. */
const unbroken = (words: string): string => words.replaceAll(' ', '\u00a0');

const applications = ['applied', 'underSelection', 'selected', 'notSelected'] as const;
const reviews = ['reviewDraft', 'reviewSubmitted', 'reviewPending', 'reviewApproved', 'reviewRejected'] as const;

export function CampaignDetail({ id }: { id: string }) {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded(id, () => readCampaign(id));
  return (
    <>
      <p class="back">
        <Link href={paths.campaigns}>
          <span aria-hidden="true">←</span> {text.back}
        </Link>
      </p>
      {loaded.is === 'there' ? <Detail campaign={loaded.value} /> : <Absent loaded={loaded} again={again} />}
    </>
  );
}

function Detail({ campaign }: { campaign: Campaign }) {
  const language = useLanguage();
  const text = useTexts(texts);
  useTitle(campaign.name);
  const { period, progress } = campaign;
  const facts: [string, string][] = [
    [text.period, text.until(unbroken(dateTime(period.startAt, language)), unbroken(dateTime(period.endAt, language)))],
    [text.due, dateTime(period.dueAt, language)],
    [text.channel, campaign.channel],
    [text.price, money(campaign.productPrice, currency, language)],
    [text.reward, money(campaign.rewardPoints, currency, language)],
    [text.budget, money(campaign.rewardPoints * progress.offerCount, currency, language)],
    [text.created, date(campaign.createdAt, language)],
  ];
  return (
    <article>
      <header class="detail-header">
        <Thumbnail campaign={campaign} />
        <div>
          <Status campaign={campaign} />
          <Heading>{campaign.name}</Heading>
        </div>
      </header>
      <div class="columns">
        <section class="card" aria-labelledby="funnel">
          <h2 id="funnel">{text.funnel}</h2>
          <Bar label={text.recruit} part={progress.selected} whole={progress.offerCount} />
          <Bar label={text.reviews} part={progress.reviewApproved} whole={progress.offerCount} />
          <div class="tallies">
            <Tally title={text.applications} names={applications} progress={progress} />
            <Tally title={text.reviewsTitle} names={reviews} progress={progress} />
          </div>
          <p>
            <Link href={paths.reviewsOf(campaign.campaignId)}>{text.seeReviews}</Link>
          </p>
          {campaign.updatedAt && <p class="fine muted">{text.updated(dateTime(campaign.updatedAt, language))}</p>}
        </section>
        <section class="card">
          <dl class="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            {campaign.externalRef && (
              <div>
                <dt>{text.order}</dt>
                <dd class="code">{campaign.externalRef}</dd>
              </div>
            )}
          </dl>
          {/^https?:\/\//.test(campaign.purchaseUrl) && (
            <p>
              <a href={campaign.purchaseUrl} target="_blank" rel="noopener noreferrer">
                {text.productPage} <span aria-hidden="true">↗</span>
                <span class="visually-hidden"> ({text.opensNew})</span>
              </a>
            </p>
          )}
        </section>
      </div>
    </article>
  );
}

function Tally({ title, names, progress }: { title: string; names: readonly Exclude<keyof Progress, 'offerCount'>[]; progress: Progress }) {
  const language = useLanguage();
  const text = useTexts(texts);
  return (
    <div>
      <h3>{title}</h3>
      <dl class="tally">
        {names.map((name) => (
          <div key={name}>
            <dt>{text.progress[name]}</dt>
            <dd>{count(progress[name], language)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
