-- What one browser has begun, newest last: only so many are kept.
CREATE INDEX interactions_browser ON interactions (tenant_id, browser_hash, id);
