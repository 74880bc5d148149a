SELECT c.contact_id, c.updated_at
FROM contact_data AS c
JOIN event_data AS e ON c.contact_id = e.contact_id
WHERE e.event_source = 'mail'
  AND e.event_type = 'open'
  AND e.timestamp >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
