import { useState } from 'preact/hooks';

import { count, dateRange } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading } from '../base/ui';
import { type Campaign, type CampaignStatus, readCampaigns, statuses } from './api';
import { useLoaded } from './load';
import { Absent, Bar, Status, Thumbnail } from './parts';
import { Link, paths } from './route';
import { texts } from './texts';

export function Campaigns() {
  const language = useLanguage();
  const text = useTexts(texts);
  const [page, setPage] = useState(1);
  const [status, setStatus] = useState<CampaignStatus | ''>('');
  const [loaded, again] = useLoaded(`${page} ${status}`, () => readCampaigns(page, status));

  const list = () => {
    if (loaded.is !== 'there') return <Absent loaded={loaded} again={again} />;
    const { campaigns, pagination } = loaded.value;
    if (campaigns.length === 0) {
      return (
        <section class="card empty">
          {status === '' && <h2>{text.noCampaigns}</h2>}
          <p class="muted">{status === '' ? text.noCampaignsText : text.noMatch}</p>
        </section>
      );
    }
    return (
      <>
        <ul class="campaigns">
          {campaigns.map((campaign) => (
            <CampaignCard key={campaign.campaignId} campaign={campaign} />
          ))}
        </ul>
        {pagination.totalPages > 1 && (
          <nav class="pages" aria-label={text.pages}>
            <button type="button" class="button" disabled={page <= 1} onClick={() => setPage(page - 1)}>
              {text.previous}
            </button>
            <span role="status">{text.pageOf(count(page, language), count(pagination.totalPages, language))}</span>
            <button type="button" class="button" disabled={page >= pagination.totalPages} onClick={() => setPage(page + 1)}>
              {text.next}
            </button>
          </nav>
        )}
      </>
    );
  };

  return (
    <>
      <div class="view-header">
        <Heading>{text.campaigns}</Heading>
        <label class="filter">
          <span>{text.filter}</span>
          <select
            value={status}
            onChange={(event) => {
              setStatus(event.currentTarget.value as CampaignStatus | '');
              setPage(1);
            }}
          >
            <option value="">{text.all}</option>
            {statuses.map((each) => (
              <option key={each} value={each}>
                {text.statuses[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {list()}
    </>
  );
}

function CampaignCard({ campaign }: { campaign: Campaign }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const { period, progress } = campaign;
  return (
    <li class="card campaign-card">
      <Thumbnail campaign={campaign} />
      <div class="campaign-head">
        <Status campaign={campaign} />
        <h2>
          <Link href={paths.campaign(campaign.campaignId)} class="cover-link">
            {campaign.name}
          </Link>
        </h2>
        <p class="muted">
          {campaign.channel} · {dateRange(period.startAt, period.endAt, language)}
        </p>
      </div>
      <div class="campaign-bars">
        <Bar label={text.recruit} part={progress.selected} whole={progress.offerCount} />
        <Bar label={text.reviews} part={progress.reviewApproved} whole={progress.offerCount} />
      </div>
    </li>
  );
}
