SELECT contact_id, updated_at
FROM contact_data
WHERE country = 'US'
  AND state_province_region IN ('CO', 'UT', 'ID')
  AND (plan IN ('pro', 'team', 'enterprise') OR favorite_sport IN ('climbing', 'skiing'))
  AND updated_at >= TIMESTAMPADD(year, -2, CURRENT_TIMESTAMP)
