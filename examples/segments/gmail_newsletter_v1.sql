email LIKE '%gmail.com'
AND CONTAINS(list_ids, '115715d0-0000-4000-8000-000000000001')
AND (num_orders >= 2 OR created_at >= NOW() - INTERVAL 180 DAY)
