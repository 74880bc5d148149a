event_source = 'mail'
AND event_type = 'click'
AND event_timestamp >= NOW() - INTERVAL 90 DAY
AND CONTAINS(list_ids, '115715d0-0000-4000-8000-000000000001')
