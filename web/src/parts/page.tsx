// The frame of a page: its heading gets the focus when one comes from another page.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../text";
import { visits } from "./navigation";

interface PageProps {
  title: string;
  lead?: ComponentChildren;
  above?: ComponentChildren; // a way back
  actions?: ComponentChildren;
  picture?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, lead, above, actions, picture, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (visits > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title]);
  return (
    <div class="page">
      {above && <div class="above">{above}</div>}
      <header class="page-header">
        {picture}
        <div class="page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="quiet">{lead}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  level?: 2 | 3;
  children: ComponentChildren;
}

export function Section({ title, lead, actions, level = 2, children }: SectionProps) {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section class={`section level-${level}`} aria-labelledby={id}>
      <header class="section-header">
        <div>
          <Heading id={id}>{title}</Heading>
          {lead && <p class="quiet">{lead}</p>}
        </div>
        {actions && <div class="section-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
