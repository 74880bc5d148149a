SELECT contact_id, updated_at
FROM contact_data
WHERE ARRAY_CONTAINS(list_ids, '115715d0-0000-4000-8000-000000000002')
  AND num_orders >= 3
  AND last_order_at < TIMESTAMPADD(month, -6, CURRENT_TIMESTAMP)
