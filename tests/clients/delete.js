const client = require('@sendgrid/client');
client.setApiKey(process.env.SENDGRID_API_KEY);

const segment_id = process.env.SEGMENT_ID;

const request = {
  url: `/v3/marketing/segments/${segment_id}`,
  method: 'DELETE',

}

client.request(request)
  .then(([response, body]) => {
    console.log(response.statusCode);
    console.log(response.body);
  })
  .catch(error => {
    console.error(error);
  });
