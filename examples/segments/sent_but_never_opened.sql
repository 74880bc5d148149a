SELECT c.contact_id, c.updated_at
FROM contact_data AS c
JOIN event_data AS e ON c.contact_id = e.contact_id
WHERE e.event_source = 'mail'
  AND e.event_type = 'processed'
  AND e.data:payload.unique_args.singlesend_id = '5ing1e5e-0000-4000-8000-000000000003'
  AND c.contact_id NOT IN (
    SELECT o.contact_id
    FROM event_data AS o
    WHERE o.event_source = 'mail'
      AND o.event_type = 'open'
      AND o.data:payload.unique_args.singlesend_id = '5ing1e5e-0000-4000-8000-000000000003'
  )
