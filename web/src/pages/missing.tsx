import { t } from "../text";
import { Link } from "../parts/navigation";
import { Page } from "../parts/page";

export function Missing() {
  return (
    <Page title={t.faults.missingTitle} lead={t.faults.missing}>
      <p>
        <Link to={{ page: "start" }}>Portico · {t.product}</Link>
      </p>
    </Page>
  );
}
