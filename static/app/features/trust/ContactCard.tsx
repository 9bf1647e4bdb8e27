import { state } from '../../core/field';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Sheet } from '../../ui/Sheet';
import type { BadgeRow } from './given';
import { Qr } from './Qr';
import { words } from './texts';
import { vcard } from './vcard';

/** What a friend hands on to a friend: name, community, a number that may be called. */
export function ContactCard({ badge, onClose }: { badge: BadgeRow; onClose: () => void }) {
  const t = words.value.card;
  const session = state.session.value;
  const community = state.community.value;
  if (!('person' in session)) return null;
  const phone = badge.work_phone ?? community?.phone ?? null;
  const contact = {
    name: session.person.name,
    community: session.community.name,
    role: t.role(session.community.name),
    phone,
    note: t.note(badge.number),
    url: `${location.origin}/r/${session.community.id}`,
  };
  const file = vcard(contact);
  return (
    <Sheet
      title={t.title}
      caption={t.lead}
      onClose={onClose}
      foot={
        <Button kind="primary" size="lg" block onPress={() => void send(file, contact.name)}>
          <Icon name="share" />
          {t.share}
        </Button>
      }
    >
      <div class="contact">
        <Qr text={file} label={t.qr} />
        <p>
          <b>{contact.name}</b>
          <br />
          {contact.role}
          {phone && (
            <>
              <br />
              <span class="num">{phone}</span>
            </>
          )}
        </p>
      </div>
    </Sheet>
  );
}

/** By the phone's own sheet where it takes files, else as a download. */
async function send(text: string, name: string): Promise<void> {
  const file = new File([text], words.value.card.file(name), { type: 'text/vcard' });
  if (navigator.canShare?.({ files: [file] })) {
    // Closing the phone's sheet without sending is no failure.
    return void (await navigator.share({ files: [file] }).catch(() => {}));
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
