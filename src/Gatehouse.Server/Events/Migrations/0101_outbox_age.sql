-- For the job that forgets old events.
CREATE INDEX outbox_events_age ON outbox_events (created_at);
