no job
pause: 7
echo: No job now
